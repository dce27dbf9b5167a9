namespace MaeLab.Contracts.Facts;

public sealed record HeldAttempt(Guid RunId, int Attempt);
