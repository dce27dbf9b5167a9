using static TorchSharp.torch;

namespace MaeLab.Engine.Formats;

/// <summary>A tensor's name and shape in a file, and the fp32 memory that it is written from or read into.</summary>
/// <param name="Open">The memory as a tensor of this shape; the caller disposes of it.</param>
internal sealed record TensorSlot(string Name, long[] Shape, Func<Tensor> Open)
{
    /// <summary>A problem of every kind is named this many times at most.</summary>
    private const int MostNamed = 5;

    public TensorToWrite ToWrite() => TensorBytes.ToWrite(Name, Shape, Open);

    /// <summary>Reads a file's tensors into their slots, once all names, types and shapes have been found to agree.</summary>
    /// <param name="ignore">Names of tensors that are passed over, whatever they are.</param>
    /// <exception cref="InvalidDataException">They do not, or the file is damaged; in the former case nothing has been changed.</exception>
    public static void ReadAll(SafetensorsReader reader, IReadOnlyCollection<TensorSlot> slots, Predicate<string>? ignore = null)
    {
        var byName = slots.ToDictionary(slot => slot.Name);
        Compare([.. reader.Header.Entries.Where(entry => ignore?.Invoke(entry.Name) != true)], byName);
        using var free = no_grad();
        using var scope = NewDisposeScope();
        Tensor? buffer = null;
        while (reader.Next(entry => (buffer = empty(entry.Shape, ScalarType.Float32)).bytes) is { } read)
        {
            if (byName.TryGetValue(read.Name, out var slot))
            {
                using var target = slot.Open();
                target.copy_(buffer!);
            }

            buffer!.Dispose();
        }
    }

    private static void Compare(IReadOnlyList<SafetensorsEntry> entries, Dictionary<string, TensorSlot> slots)
    {
        var missing = slots.Keys.Except(entries.Select(entry => entry.Name)).Select(name => $"'{name}'");
        var unexpected = entries.Where(entry => !slots.ContainsKey(entry.Name)).Select(entry => $"'{entry.Name}'");
        var different = entries
            .Where(entry => slots.TryGetValue(entry.Name, out var slot) && (entry.Type != TensorBytes.Float32 || !entry.Shape.AsSpan().SequenceEqual(slot.Shape)))
            .Select(entry => $"'{entry.Name}' is {entry.Type} [{string.Join(", ", entry.Shape)}] and not {TensorBytes.Float32} [{string.Join(", ", slots[entry.Name].Shape)}]");
        string[] problems = [.. List("lacks", missing), .. List("has what the model has not:", unexpected), .. List("has other shapes:", different)];
        if (problems.Length > 0)
        {
            throw new InvalidDataException($"The file's tensors are not the model's: it {string.Join("; it ", problems)}.");
        }
    }

    private static IEnumerable<string> List(string what, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count > 0)
        {
            yield return $"{what} {string.Join(", ", all.Take(MostNamed))}{(all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "")}";
        }
    }
}
