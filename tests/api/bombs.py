"""Documents that are made to hurt: short to write, long to read."""


def doubling(steps: int) -> str:
    """Return fragments each of which spreads the next one twice: a bomb of two to the steps."""
    spread = "".join(
        f"fragment F{n} on Query {{ ...F{n + 1} logHead {{ position }} ...F{n + 1} }} "
        for n in range(steps)
    )
    return f"{{ ...F0 }} {spread} fragment F{steps} on Query {{ logHead {{ position }} }}"


def cycle(steps: int) -> str:
    """Return fragments that spread each other in a circle, and each of them itself."""
    made = "".join(
        f"fragment F{n} on Query {{ ...F{n} ...F{(n + 1) % steps} logHead {{ position }} }} "
        for n in range(steps)
    )
    return f"{{ ...F0 }} {made}"


def flood(fields: int) -> str:
    """Return an operation with many fields, each under its own name."""
    return "{ " + " ".join(f"a{n}: logHead {{ position }}" for n in range(fields)) + " }"


def same(fields: int) -> str:
    """Return an operation that asks for one field many times."""
    return "{ " + "logHead { position } " * fields + "}"


def misspelt(fields: int) -> str:
    """Return a command with many fields in its input that do not exist."""
    input_ = " ".join(f"a{n}: 1" for n in range(fields))
    return f"mutation {{ learnFact(input: {{ {input_} }}) {{ version }} }}"
