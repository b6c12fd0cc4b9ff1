"""export: exercises into a file that other programs read."""

import argparse

from rnn_tutor.exercises import words

from .export import chosen_exercises
from .output import complain, say_beside, tell_left_out
from .source import UseError, question_with_seed
from .written import check_target, write


def export(options: argparse.Namespace) -> int:
    """Write exercises in the form that is asked for. What cannot be in it is said."""
    if options.ipynb is not None:
        return _notebook(options)
    from .quiz.command import quiz

    if options.solutions or options.nbgrader or options.title is not None:
        return complain("--solutions, --nbgrader and --title can only be used with --ipynb.")
    return quiz(options)


def _notebook(options: argparse.Namespace) -> int:
    from .notebook.file import notebook

    if options.variants is not None:
        return complain("--variants can only be used with --moodle or --qti.")
    try:
        check_target(options.ipynb, force=options.force)
        chosen = chosen_exercises(options, "notebook")
        questions = [question_with_seed(exercise, options.seed) for exercise in chosen.exercises]
        title = chosen.title if options.title is None else options.title
        text = notebook(title, questions, solutions=options.solutions, graded=options.nbgrader)
        write(options.ipynb, text, force=options.force)
    except UseError as error:
        return complain(str(error))
    say_beside(f"{words.times(len(questions), 'exercise')} written.", options.ipynb)
    tell_left_out(chosen.left_out)
    return 0
