using MaeLab.Domain.Metrics;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class ShippingQueueTests
{
    [Fact]
    public void Full_queue_neither_blocks_nor_forgets_what_it_has_and_counts_the_rest()
    {
        var queue = new ShippingQueue();

        for (var step = 1; step <= ShippingQueue.PointLimit + 3; step++)
        {
            queue.Add(new MetricPoint(SeriesNames.TrainLoss, step, 0));
        }

        Assert.Equal((ShippingQueue.PointLimit + 3, 3), (queue.Produced, queue.Dropped));
        var points = queue.TakePoints();
        Assert.Equal((ShippingQueue.PointLimit, 1L, ShippingQueue.PointLimit), (points.Count, points[0].Step, points[^1].Step));
        Assert.Empty(queue.TakePoints());
    }
}
