"""What the engine says is wrong: a sentence in English, and its parts for whoever translates it."""

from __future__ import annotations

import pickle

from colorizer.engine.errors import (
    DamagedPictureError,
    PictureTooComplexError,
    PictureTooLargeError,
    UnsupportedPixelsError,
)


def test_a_message_with_parameters() -> None:
    error = PictureTooLargeError("It has %(pixels)s pixels, 100%% of them.", pixels="1,000")
    assert str(error) == "It has 1,000 pixels, 100% of them."
    assert error.text % error.params == str(error)


def test_a_message_without_parameters_may_have_any_character() -> None:
    error = UnsupportedPixelsError("100% of %(it)s.")
    assert (str(error), error.text, error.params) == ("100% of %(it)s.", "100% of %(it)s.", {})


def test_the_word_of_a_decoder_is_a_parameter() -> None:
    error = DamagedPictureError("50% missing")
    assert str(error) == "The picture is damaged: 50% missing"
    assert (error.text, error.params) == (
        "The picture is damaged: %(cause)s",
        {"cause": "50% missing"},
    )


def test_it_says_the_same_in_another_process() -> None:
    error = pickle.loads(pickle.dumps(PictureTooLargeError("%(a)d too many.", a=3)))  # noqa: S301
    assert (str(error), error.text, error.params) == ("3 too many.", "%(a)d too many.", {"a": 3})


def test_what_is_too_complex_says_what_to_do() -> None:
    assert "Save it again" in str(PictureTooComplexError())
