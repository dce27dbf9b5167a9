namespace MaeLab.Testing.Ring;

public static class HttpQuestion
{
    /// <returns>Null where nobody answered in time, or broke off: a service that starts, dies or stands still.</returns>
    public static async Task<HttpResponseMessage?> TryAsync(Func<Task<HttpResponseMessage>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request();
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
