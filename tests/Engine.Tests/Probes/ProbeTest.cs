using MaeLab.Engine.Data;
using MaeLab.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

/// <summary>A dispose scope around a test, and matrices in plain double precision to compare with.</summary>
public abstract class ProbeTest : IDisposable
{
    private readonly DisposeScope _scope;

    protected ProbeTest()
    {
        NativeThreads.Prepare();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static double[][] Random(int seed, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(n => CounterRandom.Of(seed, RandomPurpose.Crop).Normal(n)).Chunk(columns)];

    /// <summary>Rows of positive numbers that sum to 1.</summary>
    private protected static double[][] RandomMap(int seed, int tokens) =>
        [.. Random(seed, tokens, tokens).Select(row => row.Select(Math.Exp).ToArray()).Select(row => row.Select(value => value / row.Sum()).ToArray())];

    private protected static double[][] Identity(int size) =>
        [.. Enumerable.Range(0, size).Select(row => Enumerable.Range(0, size).Select(column => row == column ? 1.0 : 0).ToArray())];

    private protected static Tensor Single(double[][] matrix) => tensor([.. matrix.SelectMany(row => row).Select(value => (float)value)], [matrix.Length, matrix[0].Length]);

    private protected static Tensor Double(double[][] matrix) => tensor(matrix.SelectMany(row => row).ToArray(), [matrix.Length, matrix[0].Length]);

    private protected static double[][] Product(double[][] left, double[][] right) =>
        [.. left.Select(row => Enumerable.Range(0, right[0].Length).Select(column => row.Select((value, n) => value * right[n][column]).Sum()).ToArray())];

    private protected static double[][] Transposed(double[][] matrix) => [.. Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray())];

    private protected static double[][] Centred(double[][] matrix)
    {
        var mean = Transposed(matrix).Select(column => column.Average()).ToArray();
        return [.. matrix.Select(row => row.Select((value, n) => value - mean[n]).ToArray())];
    }

    private protected static double Energy(double[][] matrix) => matrix.Sum(row => row.Sum(value => value * value));

    private protected static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    /// <summary>One-sided Jacobi rotations: columns are turned until they are orthogonal; their lengths are the singular values.</summary>
    private protected static double[] SingularValues(double[][] matrix)
    {
        var columns = Transposed(matrix);
        for (var sweep = 0; sweep < 60; sweep++)
        {
            for (var p = 0; p < columns.Length; p++)
            {
                for (var q = p + 1; q < columns.Length; q++)
                {
                    Turn(columns, p, q);
                }
            }
        }

        return [.. columns.Select(column => Math.Sqrt(Dot(column, column))).OrderDescending()];
    }

    private static void Turn(double[][] columns, int p, int q)
    {
        double between = Dot(columns[p], columns[q]);
        if (between == 0)
        {
            return;
        }

        var zeta = (Dot(columns[q], columns[q]) - Dot(columns[p], columns[p])) / (2 * between);
        var tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
        var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        (columns[p], columns[q]) = (
            [.. columns[p].Zip(columns[q], (a, b) => cosine * (a - (tangent * b)))],
            [.. columns[p].Zip(columns[q], (a, b) => cosine * ((tangent * a) + b))]);
    }
}
