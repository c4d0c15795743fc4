"""T2, T4, T5: the output of a convolution layer with one channel, its stride and its padding.

`F.conv2d` computes cross-correlation: the kernel is laid on the input as it is written, never flipped.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.course import Answers, OneOf, Size, check_rows, mistake, pair, reference

MAX_CELLS = 1_000_000  # of the padded input: an instructor's slip of the finger must not fill the memory


def convolved(input: Tensor, kernel: Tensor, stride: Size = 1, padding: Size = 0) -> Tensor:
    return F.conv2d(input[None, None], kernel[None, None], stride=stride, padding=padding)[0, 0]


def windows(input: Tensor, kernel: Tensor, stride: Size = 1, padding: Size = 0) -> Tensor:
    """Every window of the padded input, as [output row, output column, kernel row, kernel column]."""
    (rows, columns), (down, right) = pair(padding), pair(stride)
    padded = F.pad(input, (columns, columns, rows, rows))
    return padded.unfold(0, kernel.shape[0], down).unfold(1, kernel.shape[1], right)


def windows_at_stride_1(input: Tensor, kernel: Tensor, padding: Size) -> bool:
    """Whether more than one window fits."""
    rows, columns = pair(padding)
    return bool(input.shape[0] + 2 * rows > kernel.shape[0] or input.shape[1] + 2 * columns > kernel.shape[1])


def wide(kernel: Tensor) -> bool:
    return kernel.numel() > 1


def two_columns(kernel: Tensor) -> bool:
    return kernel.shape[1] > 1


def two_dimensional(kernel: Tensor) -> bool:
    """Transposing a single row or column gives a kernel of another shape, but it is the same method."""
    return wide(kernel)


def square(kernel: Tensor) -> bool:
    return wide(kernel) and kernel.shape[0] == kernel.shape[1]


def odd(kernel: Tensor) -> bool:
    """Only a kernel with odd sides has a centre."""
    return wide(kernel) and kernel.shape[0] % 2 == 1 and kernel.shape[1] % 2 == 1


def steps(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> bool:
    """A stride can be seen where it is above 1 and more than one window fits."""
    return max(pair(stride)) > 1 and windows_at_stride_1(input, kernel, padding)


def padded(padding: Size) -> bool:
    return max(pair(padding)) > 0


@reference
def conv(input: Tensor, kernel: Tensor, stride: Size = 1, padding: Size = 0) -> Answers:
    check_rows(input=input, kernel=kernel)
    rows, columns = pair(padding)
    if (input.shape[0] + 2 * rows) * (input.shape[1] + 2 * columns) > MAX_CELLS:
        raise ValueError(f"the padded input has more than {MAX_CELLS} cells; give less padding")
    return {"output": convolved(input, kernel, stride, padding)}


# T2 to T5: the kernel is turned.


@mistake("flip180", applies=wide)
def flip180(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The kernel turned by 180 degrees: convolution as image processing defines it."""
    return {"output": convolved(input, kernel.flip(-2, -1), stride, padding)}


@mistake("flip-lr", applies=two_columns)
def flip_lr(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The kernel mirrored left to right."""
    return {"output": convolved(input, kernel.flip(-1), stride, padding)}


@mistake("kernel-transposed", applies=two_dimensional)
def kernel_transposed(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Rows of the kernel read as columns."""
    return {"output": convolved(input, kernel.T, stride, padding)}


# T2: something else than multiply and add is done in each window.


@mistake("max-not-sum", applies=wide)
def max_not_sum(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The largest product of each window."""
    return {"output": (windows(input, kernel, stride, padding) * kernel).amax((-2, -1))}


@mistake("window-sum")
def window_sum(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The sum of each window: the kernel is not used."""
    return {"output": windows(input, kernel, stride, padding).sum((-2, -1))}


@mistake("centre-only", applies=odd)
def centre_only(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Only the centre of each window times the centre of the kernel."""
    row, column = kernel.shape[0] // 2, kernel.shape[1] // 2
    return {"output": windows(input, kernel, stride, padding)[..., row, column] * kernel[row, column]}


@mistake("matmul-not-elementwise", applies=square)
def matmul_not_elementwise(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The matrix product of each window and the kernel, its numbers added up."""
    return {"output": (windows(input, kernel, stride, padding) @ kernel).sum((-2, -1))}


@mistake("no-sum", applies=wide)
def no_sum(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The products of each window, not added: a table per window, or all of them side by side in one."""
    products = windows(input, kernel, stride, padding) * kernel
    rows, columns, height, width = products.shape
    return {"output": OneOf((products, products.permute(0, 2, 1, 3).reshape(rows * height, columns * width)))}


@mistake("mean-not-sum", applies=wide)
def mean_not_sum(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """The mean of the products instead of their sum."""
    from fractions import Fraction

    size = kernel.numel()
    return {"output": [[Fraction(cell, size) for cell in row] for row in convolved(input, kernel, stride, padding).tolist()]}


# T4: the stride is used in another way.


@mistake("stride-ignored", applies=steps)
def stride_ignored(input: Tensor, kernel: Tensor, padding: Size) -> Answers:
    """Moves one cell at a time."""
    return {"output": convolved(input, kernel, 1, padding)}


@mistake("stride-cols-only", applies=steps)
def stride_cols_only(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Steps along the row, but takes every row."""
    return {"output": convolved(input, kernel, (1, pair(stride)[1]), padding)}


@mistake("stride-offset", applies=steps)
def stride_offset(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Takes the first step before the first window: starts at row and column stride - 1."""
    (down, right), (rows, columns) = pair(stride), pair(padding)
    framed = F.pad(input, (columns, columns, rows, rows))
    return {"output": convolved(framed[down - 1 :, right - 1 :], kernel, stride)}


@mistake(
    "stride-equals-kernel", applies=lambda input, kernel, stride, padding: tuple(kernel.shape) != pair(stride) and windows_at_stride_1(input, kernel, padding)
)
def stride_equals_kernel(input: Tensor, kernel: Tensor, padding: Size) -> Answers:
    """Lays windows side by side, as pooling does."""
    return {"output": convolved(input, kernel, (kernel.shape[0], kernel.shape[1]), padding)}


# T5: the zeros are put elsewhere, or something else is put there.


@mistake("pad-ignored", applies=padded)
def pad_ignored(input: Tensor, kernel: Tensor, stride: Size) -> Answers:
    """No padding at all."""
    return {"output": convolved(input, kernel, stride)}


@mistake("pad-topleft", applies=padded)
def pad_topleft(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Zeros only above and on the left."""
    rows, columns = pair(padding)
    return {"output": convolved(F.pad(input, (columns, 0, rows, 0)), kernel, stride)}


@mistake("pad-bottomright", applies=padded)
def pad_bottomright(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Zeros only below and on the right."""
    rows, columns = pair(padding)
    return {"output": convolved(F.pad(input, (0, columns, 0, rows)), kernel, stride)}


@mistake("pad-around-output", applies=padded)
def pad_around_output(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Convolves without padding and puts the zeros round the answer."""
    rows, columns = pair(padding)
    return {"output": F.pad(convolved(input, kernel, stride), (columns, columns, rows, rows))}


@mistake("pad-replicate", applies=padded)
def pad_replicate(input: Tensor, kernel: Tensor, stride: Size, padding: Size) -> Answers:
    """Repeats the edge instead of adding zeros."""
    rows, columns = pair(padding)
    framed = F.pad(input[None, None].double(), (columns, columns, rows, rows), mode="replicate")[0, 0].to(torch.int64)
    return {"output": convolved(framed, kernel, stride)}
