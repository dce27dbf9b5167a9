using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Hosting.Bus;
using MaeLab.Web.Access;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Features.NewExperiment;

public sealed partial class NewExperimentPage
{
    private static readonly (string Name, string Summary)[] s_presets =
        [.. Presets.Names.Select(name => (name, Summary(Presets.Find(name)!)))];

    private static readonly (AblationDesign Design, string Label, string Help)[] s_designs =
    [
        (AblationDesign.Grid, "Every combination", "A full grid: each level of each factor with each of the others."),
        (AblationDesign.Star, "One factor at a time", "Each factor alone around the baseline, the others at their baseline level; as in Table 1 of the MAE paper."),
    ];

    private static readonly string[] s_shownFields =
        ["name", "description", .. RecipeFields.All.SelectMany(field => new[] { "base." + field.Path, "axes." + field.Path })];

    private static readonly Dictionary<string, object?> s_submitAttributes = new() { ["data-testid"] = "submit" };

    private ExperimentForm _form = new();
    private PlanningContext? _context;
    private FormErrors _errors = FormErrors.None;
    private ExperimentPreview? _preview;
    private IReadOnlyList<Axis> _axes = [];
    private IReadOnlyList<FieldError> _refused = [];
    private Guid _experimentId = Guid.CreateVersion7();
    private string? _handedOver;
    private Guid? _kept;
    private bool _submitting;
    private string? _problem;

    [Inject]
    public required CurrentActor Me { get; init; }

    [Inject]
    public required ExperimentPlanner Planner { get; init; }

    [Inject]
    public required ExperimentSubmission Submission { get; init; }

    [Inject]
    public required ExperimentReader Experiments { get; init; }

    [Inject]
    public required RunDetailReader Runs { get; init; }

    [Inject]
    public required SubmissionAnswers Answers { get; init; }

    [Inject]
    public required ILogger<NewExperimentPage> Logger { get; init; }

    [Inject]
    public required IOptions<WebOptions> Options { get; init; }

    /// <summary>An experiment to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>A run to start from: one cell of its recipe.</summary>
    [SupplyParameterFromQuery(Name = "run")]
    public string? Run { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _context = await ReadOnceAsync("planning", () => Planner.ReadAsync(Left));
        if (Guid.TryParse(From, out var id) && await ReadOnceAsync("template", () => Experiments.FindAsync(id, Left)) is { } template)
        {
            _form = ExperimentForm.From(template.Definition);
        }
        else if (Guid.TryParse(Run, out var run) && await ReadOnceAsync("run", () => Runs.FindAsync(run, Left)) is { } original)
        {
            _form = ExperimentForm.From(RunTemplate.Of(original));
        }

        Check();
    }

    private static string Summary(Recipe recipe) =>
        $"{recipe.Encoder.Width} × {recipe.Encoder.Depth}, {recipe.ImageSize} px";

    private string Summary() => _preview switch
    {
        { } preview => $"{preview.Runs:#,0} {(preview.Runs == 1 ? "run" : "runs")}{(preview.PredictedSeconds is { } seconds ? $" · {Format.Duration(TimeSpan.FromSeconds(seconds))}" : "")}",
        null => _errors.Count == 1 ? "One thing needs a change" : $"{_errors.Count} things need a change",
    };

    private RenderFragment Field(RecipeField field) => builder =>
    {
        builder.OpenComponent<BaseField>(0);
        builder.SetKey(field.Path);
        builder.AddComponentParameter(1, nameof(BaseField.Field), field);
        builder.AddComponentParameter(2, nameof(BaseField.Value), _form.Value(field.Path));
        builder.AddComponentParameter(3, nameof(BaseField.ValueChanged), EventCallback.Factory.Create<string>(this, text => Set(() => _form.SetValue(field.Path, text))));
        builder.AddComponentParameter(4, nameof(BaseField.Factor), _form.Factor(field.Path));
        builder.AddComponentParameter(5, nameof(BaseField.Changed), _form.IsChanged(field.Path));
        builder.AddComponentParameter(6, nameof(BaseField.Errors), _errors.Of("base." + field.Path));
        builder.AddComponentParameter(7, nameof(BaseField.Options), field.Path == "dataset.name" ? _context!.Datasets.Keys.Order(StringComparer.Ordinal) : null);
        builder.CloseComponent();
    };

    private void Set(Action change)
    {
        change();
        Check();
    }

    private void ChoosePreset(string preset) => Set(() => _form.ChoosePreset(preset));

    private void AddFactor(ChangeEventArgs change)
    {
        if (change.Value is string { Length: > 0 } path)
        {
            // Before the seeds, which repeat all that stands above them.
            Set(() => _form.Factors.Insert(
                Math.Max(0, _form.Factors.FindIndex(factor => factor.Path == Axis.SeedField)),
                new(path, [_form.Value(path)])));
        }
    }

    private void RemoveFactor(FactorInput factor) => Set(() => _form.Factors.Remove(factor));

    /// <summary>Checks and counts anew after every change; a usual form takes a few milliseconds.</summary>
    private void Check()
    {
        // What the scheduler found wrong was another form.
        (_problem, _refused) = (null, []);
        Plan();
    }

    private void Plan()
    {
        var plan = _context!.Check(_form.ToDefinition());
        _errors = new([.. plan.Errors, .. _refused]);
        (_preview, _axes) = plan.IsValid && !_errors.Any ? (_context.Preview(plan.Value), plan.Value.Axes) : (null, []);
    }

    private async Task RefreshContextAsync()
    {
        _context = await Planner.ReadAsync(Left);
        Plan();
    }

    private async Task SubmitAsync()
    {
        // The scheduler may have changed its mind, so what it refused may be handed to it again.
        if (_submitting || (_errors.Any && _refused.Count == 0))
        {
            _problem = _errors.Any ? "Some fields need a change first; each says what is wrong." : null;
            return;
        }

        var definition = JsonSerializer.Serialize(_form.ToDefinition(), JsonDefaults.Options);
        if (_handedOver is not null && _handedOver != definition)
        {
            // Under the id of the one before, that one would be taken for this one should it have arrived after all.
            _experimentId = Guid.CreateVersion7();
        }

        (_handedOver, _problem) = (definition, null);
        using var answer = Answers.Expect(_experimentId);
        await HandOverAsync(definition);
        if (_kept is not null && await answer.WaitAsync(Timeout.InfiniteTimeSpan, Left) is { Accepted: false } late)
        {
            _kept = null;
            Refuse(late.Errors);
        }
    }

    private async Task HandOverAsync(string definition)
    {
        _submitting = true;
        try
        {
            var result = await Submission.SubmitAsync(_experimentId, definition, await Me.GetAsync(), Left);
            switch (result.State)
            {
                case SubmissionState.Accepted:
                    Navigation.NavigateTo(Urls.Experiment(_experimentId));
                    break;
                case SubmissionState.Kept:
                    _kept = _experimentId;
                    break;
                case SubmissionState.Rejected:
                    Refuse(result.Errors);
                    break;
                case SubmissionState.NotSent:
                    _problem = "The message broker did not confirm this. Try again in a moment; as long as you change nothing, it is submitted once.";
                    break;
                default:
                    throw new InvalidOperationException($"Unknown outcome {result.State} of a submission.");
            }
        }
        catch (Exception error) when (InfrastructureFailure.Is(error))
        {
            LogNotSubmitted(Logger, error);
            _problem = "The database does not answer, so nothing was submitted. What you typed is kept; try again in a moment.";
        }
        finally
        {
            _submitting = false;
            StateHasChanged();
        }
    }

    private void Refuse(IReadOnlyList<FieldError> errors)
    {
        // The next try is another submission.
        (_refused, _experimentId, _handedOver) = (errors, Guid.CreateVersion7(), null);
        Plan();
    }

    private async Task GoIfStoredAsync()
    {
        if (_kept is { } id && await Experiments.ExistsAsync(id, Left))
        {
            Navigation.NavigateTo(Urls.Experiment(id));
        }
    }

    [LoggerMessage(LogLevel.Warning, "An experiment could not be submitted; the form keeps it")]
    private static partial void LogNotSubmitted(ILogger logger, Exception error);
}
