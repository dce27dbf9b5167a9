namespace MaeLab.Contracts.Facts;

/// <param name="Field">JSON path of the field in the definition, for example <c>base.patchSize</c> or <c>axes.maskRatio</c>.</param>
public sealed record RejectedField(string Field, string Message);
