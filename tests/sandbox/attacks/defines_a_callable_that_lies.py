# Tries to replace the function after it was checked.
# Seen as: Raised | Returned | WrongType
class Odd:
    def __call__(self, *a):
        return None


conv2d = Odd()
