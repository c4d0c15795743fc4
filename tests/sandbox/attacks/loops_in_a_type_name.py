# Tries to hang the one who asks for the name of a type.
# Seen as: TimedOut | WrongType | Raised
import numpy as np


class Meta(type):
    @property
    def __name__(cls):
        while True:
            pass


class Odd(metaclass=Meta):
    pass


def conv2d(x, w):
    return Odd()
