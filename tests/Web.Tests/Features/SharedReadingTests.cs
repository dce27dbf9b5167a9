using MaeLab.Web.Live;

namespace MaeLab.Web.Tests.Features;

/// <summary>Fifty browsers on one experiment are one question to the database.</summary>
public sealed class SharedReadingTests
{
    private readonly SharedReading<string, int> _reading = new();
    private readonly List<TaskCompletionSource<int>> _begun = [];
    private readonly SemaphoreSlim _beginning = new(0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_while_a_reading_is_under_way_shares_the_one_after_it()
    {
        var first = AskAsync();
        await _beginning.WaitAsync(Token);
        var meanwhile = Enumerable.Range(0, 50).Select(_ => AskAsync()).ToList();

        _begun[0].SetResult(1);
        Assert.Equal(1, await first);
        await _beginning.WaitAsync(Token);
        _begun[1].SetResult(2);

        Assert.All(await Task.WhenAll(meanwhile), value => Assert.Equal(2, value));
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task Who_asks_after_an_answer_reads_anew()
    {
        for (var turn = 0; turn < 3; turn++)
        {
            var asked = AskAsync();
            await _beginning.WaitAsync(Token);
            _begun[turn].SetResult(turn);
            Assert.Equal(turn, await asked);
        }
    }

    [Fact]
    public async Task Different_questions_wait_for_one_another_in_nothing()
    {
        var slow = AskAsync("slow");
        await _beginning.WaitAsync(Token);
        var quick = AskAsync("quick");
        await _beginning.WaitAsync(Token);

        _begun[1].SetResult(7);
        Assert.Equal(7, await quick);
        Assert.False(slow.IsCompleted);
        _begun[0].SetResult(0);
        Assert.Equal(0, await slow);
    }

    [Fact]
    public async Task Failure_is_told_to_all_who_waited_and_to_nobody_after_them()
    {
        var first = AskAsync();
        await _beginning.WaitAsync(Token);
        var second = AskAsync();
        _begun[0].SetException(new InvalidOperationException("the database is away"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);

        await _beginning.WaitAsync(Token);
        _begun[1].SetResult(2);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Leaving_ends_the_waiting_of_one_and_the_reading_of_none()
    {
        using var leaving = new CancellationTokenSource();
        var gone = _reading.ReadAsync("runs", ReadAsync, leaving.Token);
        await _beginning.WaitAsync(Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var stays = AskAsync();
        _begun[0].SetResult(1);
        await _beginning.WaitAsync(Token);
        _begun[1].SetResult(2);
        Assert.Equal(2, await stays);
    }

    private Task<int> AskAsync(string question = "runs") => _reading.ReadAsync(question, ReadAsync, Token);

    private Task<int> ReadAsync()
    {
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_begun)
        {
            _begun.Add(begun);
        }

        _beginning.Release();
        return begun.Task;
    }
}
