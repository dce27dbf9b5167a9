namespace MaeLab.Domain;

/// <summary>One thing wrong with an input.</summary>
/// <param name="Field">JSON path of the field as the client sent it, for example <c>base.patchSize</c>; empty for the whole.</param>
/// <param name="Message">What is wrong and what would be right, as a sentence for a person.</param>
public sealed record FieldError(string Field, string Message);
