"""A class: what it has done, told as text, tables and a page; and the commands of a class server."""
