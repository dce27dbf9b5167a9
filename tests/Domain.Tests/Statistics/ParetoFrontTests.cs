using CsCheck;
using MaeLab.Domain.Statistics;

namespace MaeLab.Domain.Tests.Statistics;

public sealed class ParetoFrontTests
{
    [Fact]
    public void Points_that_another_is_better_than_in_both_are_left_out() =>
        Assert.Equal([2, 0, 3], ParetoFront.Of([(2, 2), (3, 3), (1, 4), (4, 1), (4, 2)]));

    [Fact]
    public void Equal_points_stand_once_and_no_numbers_never() =>
        Assert.Equal([1], ParetoFront.Of([(double.NaN, 0), (1, 1), (1, 1), (0, double.PositiveInfinity)]));

    [Fact]
    public void Every_point_is_on_the_front_or_beaten_by_one_on_it() =>
        Gen.Select(Gen.Double[0, 10], Gen.Double[0, 10]).Array[1, 100].Sample(points =>
        {
            var front = ParetoFront.Of(points);
            Assert.All(Enumerable.Range(0, points.Length), i => Assert.True(
                front.Contains(i) || front.Any(f => points[f].Item1 <= points[i].Item1 && points[f].Item2 <= points[i].Item2)));
            Assert.All(front, f => Assert.DoesNotContain(points, p => p.Item1 < points[f].Item1 && p.Item2 < points[f].Item2));
        });
}
