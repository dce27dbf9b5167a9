using MaeLab.Testing.Browsers;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>A change of what is shown that takes longer than 300 ms is seen to be under way; a shorter one changes nothing but what was asked for.</summary>
public sealed class ProgressTests(LateHost host, Chromium chromium) : IClassFixture<LateHost>
{
    /// <summary>The clock of the sign is put where it is asked for, so that nobody waits.</summary>
    private const string IsVisibleAt =
        """
        (sign, milliseconds) => {
          const [delay] = sign.getAnimations().filter(animation => animation.animationName === 'late');
          delay.pause();
          delay.currentTime = milliseconds;
          return getComputedStyle(sign).visibility === 'visible';
        }
        """;

    [Theory]
    [InlineData(ExperimentTab.Matrix, "matrix-metric", "train/loss")]
    [InlineData(ExperimentTab.Statistics, "statistics-metric", "train/loss")]
    [InlineData(ExperimentTab.Curves, "curve-x", "progress/epoch")]
    [InlineData(ExperimentTab.Explore, "explore-x", "train/gradient_norm")]
    [InlineData(ExperimentTab.Gallery, "gallery-seed", "1")]
    [InlineData(ExperimentTab.Theory, "theory-probe", "q1_kernel_asymmetry")]
    public async Task Sign_of_progress_is_seen_after_300_ms_over_what_is_there_until_the_answer_has_come(ExperimentTab tab, string control, string choice)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"/experiments/{host.ExperimentId}?tab={EnumWord.Of(tab)}");
        await browser.TestId(control).WaitForAsync();
        await Assertions.Expect(browser.TestId("busy")).ToHaveCountAsync(0);
        var height = await HeightAsync(browser);

        using (host.Withhold())
        {
            await browser.TestId(control).SelectOptionAsync(choice);
            await browser.TestId("busy").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

            Assert.False(await browser.TestId("busy").First.EvaluateAsync<bool>(IsVisibleAt, 299));
            Assert.True(await browser.TestId("busy").First.EvaluateAsync<bool>(IsVisibleAt, 300));
            Assert.Equal(height, await HeightAsync(browser));
        }

        await Assertions.Expect(browser.TestId("busy")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }

    private static Task<int> HeightAsync(BrowserPage browser) => browser.Page.EvaluateAsync<int>("document.querySelector('main').scrollHeight");
}
