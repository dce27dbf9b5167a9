using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Gallery;

/// <summary>
/// One colour scale for all error maps that stand beside each other, by the root of the squared error: a model half trained must not leave
/// one colour to those that are done.
/// </summary>
/// <param name="Top">Errors from here on have the last colour.</param>
public readonly record struct ErrorScale(double Top)
{
    /// <summary>A few patches that are far off must not leave one colour to all others.</summary>
    private const double Quantile = 0.98;

    /// <param name="images">How many images of each are shown.</param>
    public static ErrorScale Of(IEnumerable<PatchErrors> shown, int images)
    {
        List<double> errors = [.. shown.SelectMany(errors => Enumerable.Range(0, Math.Min(images, errors.Images.Count)).SelectMany(errors.Removed))
            .Select(patch => patch.Error).OfType<double>().Order()];
        return new(errors.Count > 0 ? errors[(int)(Quantile * (errors.Count - 1))] : 0);
    }

    /// <returns>0 to 1.</returns>
    public double Share(double error) => Top > 0 ? Math.Sqrt(Math.Min(error / Top, 1)) : error > 0 ? 1 : 0;
}
