namespace MaeLab.Benchmarks;

/// <summary>One figure with the command that repeats it.</summary>
public sealed record Benchmark(string Name, string Description, Func<CancellationToken, Task> Run);
