namespace MaeLab.Contracts;

/// <summary>Names of the queues that more than one service must know: part of the contract like the messages themselves.</summary>
public static class QueueNames
{
    /// <summary>Commands of persons (submissions, run control). Durable; declared by senders too, so that it keeps what nobody consumes yet.</summary>
    public const string SchedulerCommands = "scheduler-commands";

    /// <summary>Facts that the scheduler follows. They may be lost: it reconciles from the database.</summary>
    public const string SchedulerFacts = "scheduler-run-facts";

    /// <summary>What runners say of themselves, for one of the schedulers.</summary>
    public static string SchedulerReports(Guid schedulerId) => $"scheduler-reports-{schedulerId:N}";

    /// <summary>What happens to the queue of runs, for one of the schedulers.</summary>
    public static string SchedulerNews(Guid schedulerId) => $"scheduler-news-{schedulerId:N}";

    /// <summary>Where orders to one runner are sent: an exchange.</summary>
    public static string Runner(Guid runnerId) => $"runner-{runnerId:N}";

    /// <summary>Where a runner takes them from. Not the name of the exchange, which has an older queue behind it that RabbitMQ lets nobody change.</summary>
    public static string RunnerOrders(Guid runnerId) => $"runner-orders-{runnerId:N}";
}
