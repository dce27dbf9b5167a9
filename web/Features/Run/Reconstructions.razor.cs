using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Live;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Run;

public sealed partial class Reconstructions : IDisposable
{
    private static readonly Picture[] s_stored = [Picture.Original, Picture.Masked, Picture.Reconstruction, Picture.Pasted];

    private List<long> _steps = [];
    private long _step;
    private bool _chosen;
    private Dictionary<Picture, Dictionary<int, ImageSummary>> _shown = [];
    private LiveReading _reading = null!;
    private PatchErrors? _errors;
    private (Guid RunId, long Step)? _errorsOf;
    private ErrorScale _scale;

    [Inject]
    public required GalleryReader Galleries { get; init; }

    [Inject]
    public required PrerenderHandover Handover { get; init; }

    [Inject]
    public required ILogger<Reconstructions> Logger { get; init; }

    [Parameter, EditorRequired]
    public Guid RunId { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ImageSummary> Images { get; set; }

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized() => _reading = new(ReadErrorsAsync, Logger);

    protected override Task OnParametersSetAsync()
    {
        _steps = [.. Images.Select(image => image.Step).Distinct()];
        // The newest, unless a person looks at another.
        if (!_chosen || !_steps.Contains(_step))
        {
            _step = _steps.LastOrDefault();
        }

        return ShowAsync();
    }

    private Task ChooseStepAsync(ChangeEventArgs change)
    {
        if (!int.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var index) || index >= _steps.Count)
        {
            return Task.CompletedTask;
        }

        (_step, _chosen) = (_steps[index], index < _steps.Count - 1);
        return ShowAsync();
    }

    private Task ShowAsync()
    {
        var kinds = Images.ToLookup(image => image.Kind);
        _shown = s_stored.ToDictionary(picture => picture, picture => GalleryReader.At(_step, kinds[Pictures.KindOf(picture)!]));
        return Images.Count > 0 && _errorsOf != (RunId, _step) ? _reading.UpdateAsync() : Task.CompletedTask;
    }

    private async Task ReadErrorsAsync()
    {
        var (run, step) = (RunId, _step);
        Task<PatchErrors?> FromDatabaseAsync() => Galleries.ErrorsAsync(run, step, _reading.Left);
        _errors = _errorsOf is null ? await Handover.ReadOnceAsync(RendererInfo, "errors", FromDatabaseAsync) : await FromDatabaseAsync();
        (_errorsOf, _scale) = ((run, step), _errors is null ? default : ErrorScale.Of([_errors], _errors.Images.Count));
    }
}
