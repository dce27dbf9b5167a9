using System.Net;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Api;

/// <summary>Every parameter that cannot be read is named, with what would be right.</summary>
public sealed class BadParameterTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    [Theory]
    [InlineData("runs?limit=0", "limit", "'0' is not a whole number from 1 to 1,000.")]
    [InlineData("runs?limit=1001", "limit", "'1001' is not a whole number from 1 to 1,000.")]
    [InlineData("runs?limit=ten", "limit", "'ten' is not a whole number from 1 to 1,000.")]
    [InlineData("runs?state=queued,done", "state", "'done' is unknown; use one of queued, assigned, running, stopping, paused, completed, failed, cancelled.")]
    [InlineData("runs?state=3", "state", "'3' is unknown; use one of queued, assigned, running, stopping, paused, completed, failed, cancelled.")]
    [InlineData("runs?sort=speed", "sort", "'speed' is no column to sort by; see the description of sort at /openapi/v1.json.")]
    [InlineData("runs?sort=-", "sort", "'' is no column to sort by; see the description of sort at /openapi/v1.json.")]
    [InlineData("runs?sort=tags", "sort", "'tags' is no column to sort by; see the description of sort at /openapi/v1.json.")]
    [InlineData("runs?sort=at:5:train/loss", "sort", "'at:5:train/loss' is no column to sort by; see the description of sort at /openapi/v1.json.")]
    [InlineData("runs?level=maskRatio", "level", "'maskRatio' is no recipe field with a level it can have; write field:level, for example maskRatio:0.75.")]
    [InlineData("runs?level=maskSampler:rows", "level", "'maskSampler:rows' is no recipe field with a level it can have; write field:level, for example maskRatio:0.75.")]
    [InlineData("runs?archived=maybe", "archived", "'maybe' is unknown; use one of hidden, only, shown.")]
    [InlineData("runs?columns=state", "columns", "'state' is no recipe field and no metric; write for example encoder.width, last:train/loss, best:train/loss or at:1000:train/loss.")]
    [InlineData("runs?columns=best:train/learning_rate", "columns", "'best:train/learning_rate' is no recipe field and no metric; write for example encoder.width, last:train/loss, best:train/loss or at:1000:train/loss.")]
    [InlineData("runs?cursor=abc", "cursor", "This is no cursor; pass nextCursor of the page before, unchanged.")]
    [InlineData("runs?experiment=mine", "experiment", "'mine' is not an id.")]
    [InlineData("experiments?cursor=abc", "cursor", "'abc' is not an id.")]
    [InlineData("experiments?limit=-1", "limit", "'-1' is not a whole number from 1 to 1,000.")]
    [InlineData("runs/{run}/metrics?points=0", "points", "'0' is not a whole number from 1 to 10,000.")]
    [InlineData("runs/{run}/metrics?points=10001", "points", "'10001' is not a whole number from 1 to 10,000.")]
    [InlineData("runs/{run}/metrics?from=NaN", "from", "'NaN' is not a number.")]
    [InlineData("runs/{run}/metrics?to=1e999", "to", "'1e999' is not a number.")]
    [InlineData("runs/{run}/metrics?from=2&to=1", "from", "lies right of 'to'.")]
    [InlineData("runs/{run}/logs?after=x", "after", "'x' is not a whole number from 0 to 9,223,372,036,854,775,807.")]
    [InlineData("experiments/{experiment}/matrix?rows=epochs", "rows", "'epochs' is no factor of this experiment; they are maskRatio, patchSize, seed.")]
    [InlineData("experiments/{experiment}/matrix?columns=colour", "columns", "'colour' is no factor of this experiment; they are maskRatio, patchSize, seed.")]
    [InlineData("experiments/{experiment}/matrix?rows=seed&columns=seed", "columns", "'seed' spans the rows already; the two must differ.")]
    [InlineData("experiments/{experiment}/matrix?value=median", "value", "'median' is unknown; use one of last, best, min, max, atStep, atBudget.")]
    [InlineData("experiments/{experiment}/matrix?value=atStep&step=-1", "step", "'-1' is not a whole number from 0 to 9,223,372,036,854,775,807.")]
    [InlineData("experiments/{experiment}/matrix?value=atBudget&budget=joules", "budget", "'joules' is unknown; use one of visibleTokens, images, elapsedSeconds.")]
    [InlineData("experiments/{experiment}/comparisons?against=first", "against", "'first' is not a whole number from 0 to 2,147,483,647.")]
    [InlineData("experiments/{experiment}/comparisons?value=mean", "value", "'mean' is unknown; use one of last, best, min, max, atStep, atBudget.")]
    [InlineData("experiments/{experiment}/comparisons/export", "format", "'' is no format; use csv or latex.")]
    [InlineData("experiments/{experiment}/matrix?fixed=maskRatio:0.1", "fixed", "'maskRatio:0.1' is no factor with one of its levels; write field:level, for example maskRatio:0.75.")]
    [InlineData("experiments/{experiment}/export?format=pdf", "format", "'pdf' is no format; use csv or latex.")]
    [InlineData("experiments/{experiment}/export", "format", "'' is no format; use csv or latex.")]
    [InlineData("runs?q=a%00b", "q", "holds the character U+0000, which no text here has.")]
    [InlineData("runs/{run}/metrics?names=%00", "names", "holds the character U+0000, which no text here has.")]
    [InlineData("experiments/{experiment}/matrix?metric=%00", "metric", "holds the character U+0000, which no text here has.")]
    public async Task Bad_parameter_is_named(string address, string parameter, string message)
    {
        if (address.Contains('{'))
        {
            var (experiment, runs) = await host.Samples.AddAsync(_ => RunState.Queued, TestContext.Current.CancellationToken);
            address = address.Replace("{experiment}", experiment.ToString(), StringComparison.Ordinal)
                .Replace("{run}", runs[0].ToString(), StringComparison.Ordinal);
        }

        var problem = await host.GetProblemAsync($"api/v1/{address}", HttpStatusCode.BadRequest);

        var (name, messages) = Assert.Single(problem["errors"]!.AsObject());
        Assert.Equal(parameter, name);
        Assert.Equal(message, (string)Assert.Single(messages!.AsArray())!);
    }
}
