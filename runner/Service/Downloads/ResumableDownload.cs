using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace MaeLab.Runner.Downloads;

/// <param name="Total">Null where the server does not say.</param>
internal readonly record struct DownloadProgress(long Bytes, long? Total);

/// <summary>
/// Gets one file by HTTP. What has come lies in <c>PATH.part</c>, beside it in <c>PATH.part.version</c> which version of the file it
/// is of (its ETag, or when it was changed): a lost connection, Ctrl-C or the next call go on from there, unless the server has another
/// version by now. The file gets its name only once its checksum is right.
/// </summary>
/// <param name="pause">Between two attempts that brought nothing.</param>
internal sealed class ResumableDownload(HttpClient http, TimeSpan pause, IProgress<DownloadProgress> progress)
{
    /// <summary>Attempts in a row that bring nothing.</summary>
    private const int FruitlessAttempts = 4;

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    /// <param name="md5">Lower-case hex.</param>
    /// <exception cref="DownloadFailedException">The server refuses, is not there, or sends another file; the disk is full.</exception>
    public async Task RunAsync(Uri address, string path, string md5, CancellationToken cancellationToken)
    {
        var part = new PartFile(path);
        for (var fruitless = 0; ;)
        {
            var before = part.Length;
            try
            {
                await ContinueAsync(address, part, cancellationToken);
                break;
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or TimeoutException)
            {
                fruitless = part.Length > before ? 0 : fruitless + 1;
                if (fruitless == FruitlessAttempts)
                {
                    throw new DownloadFailedException(
                        $"{address}: {lost.Message} {(part.Length > 0 ? $"{part.Length} bytes are kept in {part.Path}; the same command goes on from there." : "Is the address right and the network up?")}", lost);
                }

                await Task.Delay(pause, cancellationToken);
            }
        }

        var found = await Md5Async(part.Path, cancellationToken);
        if (found != md5)
        {
            part.Delete();
            throw new DownloadFailedException($"{address}: wrong content: expected MD5 {md5}, found {found}. What had come was removed.");
        }

        part.Complete();
    }

    /// <summary>MD5 tells a damaged or wrong file, it is what the authors publish; it is no protection against forgery.</summary>
    public static async Task<string> Md5Async(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
#pragma warning disable CA5351 // See above.
        return Convert.ToHexStringLower(await MD5.HashDataAsync(file, cancellationToken));
#pragma warning restore CA5351
    }

    private async Task ContinueAsync(Uri address, PartFile part, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (part.Length > 0 && part.Version is { } version)
            {
                (request.Headers.Range, request.Headers.IfRange) = (new(part.Length, null), version);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            var range = response.Content.Headers.ContentRange;
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && range?.Length == part.Length)
            {
                // Everything had come before, only the check was missing.
                return;
            }

            // Not all servers that know ranges heed the condition.
            var goesOn = response.StatusCode == HttpStatusCode.PartialContent && range?.From == part.Length && Equals(VersionOf(response), part.Version);
            if (!goesOn && request.Headers.Range is not null
                && response.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                part.Delete();
                throw new HttpRequestException("The file there is another one than that of which a part had come.");
            }

            if (!goesOn && response.StatusCode != HttpStatusCode.OK)
            {
                throw new DownloadFailedException(
                    $"{address}: the server answers {(int)response.StatusCode} {response.ReasonPhrase}, expected the file. --url names another place.");
            }

            await using var target = part.Open(goesOn, VersionOf(response));
            await CopyAsync(response, target, silence, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server was silent for {s_silence.TotalSeconds:0} s.", exception);
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream target, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        var total = response.Content.Headers.ContentLength + target.Position;
        await using var source = await response.Content.ReadAsStreamAsync(silence.Token);
        var buffer = new byte[1 << 16];
        while (await source.ReadAsync(buffer, silence.Token) is > 0 and var count)
        {
            silence.CancelAfter(s_silence);
            try
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            catch (IOException exception)
            {
                throw new DownloadFailedException($"{target.Name} cannot be written: {exception.Message} Make room; the same command goes on from here.", exception);
            }

            progress.Report(new(target.Position, total));
        }
    }

    /// <summary>Null where the server says nothing by which another version could be told; then nothing can be continued.</summary>
    private static RangeConditionHeaderValue? VersionOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? new(tag)
        : response.Content.Headers.LastModified is { } changed ? new(changed)
        : null;
}
