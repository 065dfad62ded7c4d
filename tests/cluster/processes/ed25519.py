"""Ed25519 (RFC 8032) over tables of multiples: half a millisecond a signature. Variable time: keys of tests only."""
import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
IDENTITY = (0, 1, 1, 0)


def _add(a, b):
    p, q = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    r, s = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def _decode(bytes_):
    number = int.from_bytes(bytes_, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P:
        raise ValueError("not a point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _encode(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Multiples:
    """Of one point: a sum of 32 looked up ones is any multiple."""

    def __init__(self, point):
        self.rows = []
        for _ in range(32):
            row = [IDENTITY]
            for _ in range(255):
                row.append(_add(row[-1], point))
            self.rows.append(row)
            point = _add(row[-1], point)

    def times(self, scalar):
        total = IDENTITY
        for row, digit in zip(self.rows, scalar.to_bytes(32, "little")):
            if digit:
                total = _add(total, row[digit])
        return total


BASE = Multiples(_decode((4 * pow(5, -1, P) % P).to_bytes(32, "little")))


def _hash(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


class Signer:
    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = (int.from_bytes(digest[:32], "little") & (1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public = _encode(BASE.times(self.scalar % ORDER))

    def sign(self, message):
        nonce = _hash(self.prefix, message)
        commitment = _encode(BASE.times(nonce))
        answer = (nonce + _hash(commitment, self.public, message) * self.scalar) % ORDER
        return commitment + answer.to_bytes(32, "little")


class Verifier:
    def __init__(self, public):
        x, y, z, t = _decode(public)
        self.public = public
        self.negative = Multiples((P - x, y, z, P - t))

    def verifies(self, message, signature):
        answer = int.from_bytes(signature[32:], "little")
        if len(signature) != 64 or answer >= ORDER:
            return False
        challenge = _hash(signature[:32], self.public, message)
        return _encode(_add(BASE.times(answer), self.negative.times(challenge))) == signature[:32]
