using System.Text.Json;
using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class PatchErrorsTests
{
    [Fact]
    public void Removed_are_told_with_their_distance_to_the_nearest_visible_patch()
    {
        // Visible: the upper left corner and the end of the second row of 3 x 3.
        var errors = new PatchErrors(4, 3, [new([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, null, 0.9], [0, 5])]);

        Assert.Equal(
            [
                new(1, 0.2, 1), new(2, 0.3, 1), new(3, 0.4, 1), new(4, 0.5, 1),
                new(6, 0.7, 2), new(7, null, Math.Sqrt(2)), new RemovedPatch(8, 0.9, 1),
            ],
            errors.Removed(0));
    }

    [Fact]
    public void Details_written_before_there_were_errors_by_patch_are_read()
    {
        var details = JsonSerializer.Deserialize<ReconstructionDetails>("""{"images":512,"maskRatio":0.75}""", JsonDefaults.Options);

        Assert.Equal(new ReconstructionDetails(512, 0.75), details);
    }
}
