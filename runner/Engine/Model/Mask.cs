using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// Which patches of a batch the encoder sees, as plain numbers: made on the CPU, the same for every device.
/// The convention everywhere: mask 0 is kept (visible), 1 is removed.
/// </summary>
/// <param name="Visible">K.</param>
/// <param name="Order">
/// [N, L] (MAE's ids_shuffle): the patches of an image, those removed first last; the first K are the visible ones.
/// </param>
public sealed record MaskPlan(int Images, int Patches, int Visible, int[] Order)
{
    /// <summary>[N, L], 0 kept, 1 removed.</summary>
    public float[] Mask()
    {
        var mask = new float[Images * Patches];
        Array.Fill(mask, 1);
        foreach (var row in VisibleRows())
        {
            mask[row] = 0;
        }

        return mask;
    }

    /// <summary>[N, L]: position of every patch in <see cref="Order"/> (MAE's ids_restore).</summary>
    public long[] Restore()
    {
        var restore = new long[Order.Length];
        for (var n = 0; n < Order.Length; n++)
        {
            restore[(n / Patches * Patches) + Order[n]] = n % Patches;
        }

        return restore;
    }

    /// <summary>[N K]: row n L + l of every visible patch in the batch's [N L] rows, in the order of <see cref="Order"/>.</summary>
    public long[] VisibleRows() => Rows(0, Visible);

    /// <summary>[N (L - K)]: the row of every removed patch, likewise.</summary>
    public long[] RemovedRows() => Rows(Visible, Patches - Visible);

    private long[] Rows(int begin, int count)
    {
        var rows = new long[Images * count];
        for (var n = 0; n < rows.Length; n++)
        {
            var first = n / count * Patches;
            rows[n] = first + Order[first + begin + (n % count)];
        }

        return rows;
    }
}

/// <summary>A <see cref="MaskPlan"/> as tensors on the model's device.</summary>
/// <param name="Removed">[N, L] float, 0 kept, 1 removed.</param>
/// <param name="VisibleRows">[N K] int64 into rows [N L].</param>
/// <param name="VisiblePatches">[N K] int64 into rows [L].</param>
public sealed record Mask(MaskPlan Plan, Tensor Removed, Tensor VisibleRows, Tensor VisiblePatches) : IDisposable
{
    public static Mask Of(MaskPlan plan, Device device)
    {
        using var scope = NewDisposeScope();
        var rows = tensor(plan.VisibleRows(), device: device);
        var patches = rows.Modulo(plan.Patches);
        var removed = tensor(plan.Mask(), [plan.Images, plan.Patches], device: device);
        return new(plan, removed.MoveToOuterDisposeScope(), rows.MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        Removed.Dispose();
        VisibleRows.Dispose();
        VisiblePatches.Dispose();
    }
}
