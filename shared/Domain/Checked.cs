using System.Diagnostics.CodeAnalysis;

namespace MaeLab.Domain;

/// <summary>Either a value or everything that is wrong with the input it should have come from.</summary>
public sealed class Checked<T>
    where T : class
{
    private Checked(T? value, IReadOnlyList<FieldError> errors) => (Value, Errors) = (value, errors);

    public T? Value { get; }

    public IReadOnlyList<FieldError> Errors { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Value is not null;

    public static implicit operator Checked<T>(T value) => new(value, []);

    public static implicit operator Checked<T>(List<FieldError> errors) =>
        errors.Count > 0 ? new(null, errors) : throw new ArgumentException("An invalid result needs at least one error.", nameof(errors));
}
