using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

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
    private Guid _experimentId = Guid.CreateVersion7();
    private Guid? _kept;
    private bool _submitting;
    private string? _problem;

    [Inject]
    public required ExperimentPlanner Planner { get; init; }

    [Inject]
    public required ExperimentSubmission Submission { get; init; }

    [Inject]
    public required ExperimentReader Experiments { get; init; }

    /// <summary>An experiment to start from.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _context = await ReadOnceAsync("planning", () => Planner.ReadAsync(Left));
        if (Guid.TryParse(From, out var id) && await ReadOnceAsync("template", () => Experiments.FindAsync(id, Left)) is { } template)
        {
            _form = ExperimentForm.From(template.Definition);
        }

        Check();
    }

    private static string Summary(Recipe recipe) =>
        $"{recipe.Encoder.Width} × {recipe.Encoder.Depth}, {recipe.ImageSize} px";

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
        _problem = null;
        var plan = _context!.Check(_form.ToDefinition());
        _errors = new(plan.Errors);
        (_preview, _axes) = plan.IsValid ? (_context.Preview(plan.Value), plan.Value.Axes) : (null, []);
    }

    private async Task RefreshContextAsync()
    {
        _context = await Planner.ReadAsync(Left);
        var problem = _problem;
        Check();
        _problem = problem;
    }

    private async Task SubmitAsync()
    {
        if (_submitting || _errors.Any)
        {
            _problem = _errors.Any ? "Some fields need a change first; each says what is wrong." : null;
            return;
        }

        _submitting = true;
        try
        {
            var result = await Submission.SubmitAsync(_experimentId, _form.ToDefinition(), People.Browser, Left);
            switch (result.State)
            {
                case SubmissionState.Accepted:
                    Navigation.NavigateTo(Urls.Experiment(_experimentId));
                    break;
                case SubmissionState.Kept:
                    _kept = _experimentId;
                    break;
                case SubmissionState.Rejected:
                    // The next try is another submission.
                    (_errors, _preview, _experimentId) = (new(result.Errors), null, Guid.CreateVersion7());
                    break;
                case SubmissionState.NotSent:
                    _problem = "The message broker did not answer, so this was not submitted. Try again in a moment; pressing twice submits it once.";
                    break;
                default:
                    throw new InvalidOperationException($"Unknown outcome {result.State} of a submission.");
            }
        }
        finally
        {
            _submitting = false;
        }
    }

    private async Task GoIfStoredAsync()
    {
        if (_kept is { } id && await Experiments.ExistsAsync(id, Left))
        {
            Navigation.NavigateTo(Urls.Experiment(id));
        }
    }
}
