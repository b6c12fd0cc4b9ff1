"""Exercises on paper: a worked solution or a problem sheet as a document, written as Markdown, HTML or a picture.

`document` is what there is to say, in blocks; `solved` and `sheets` make it of questions; `markdown`, `html` and `page`
write it. Foreign text stays as it is in the blocks; each writer makes it printable and escapes it: a test holds that.
"""
