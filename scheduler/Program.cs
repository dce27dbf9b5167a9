using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Telemetry;
using MaeLab.Scheduler;
using MaeLab.Scheduler.Archives;
using MaeLab.Scheduler.Schema;
using MaeLab.Storage;

try
{
    if (args is [MigrateVerb.Name, ..])
    {
        return await MigrateVerb.RunAsync(args[1..]);
    }

    if (args is [ExportVerb.Name, ..])
    {
        return await ExportVerb.RunAsync(args[1..]);
    }

    if (args is [ImportVerb.Name, ..])
    {
        return await ImportVerb.RunAsync(args[1..]);
    }

    var builder = WebApplication.CreateBuilder(args).AddJsonLogging().AddTelemetry("maelab-scheduler");
    builder.Services.AddMaeLabScheduler(builder.Configuration);
    builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute);
    return await builder.Build().RunServiceAsync();
}
catch (NewerDatabaseException newer)
{
    // What a verb finds; the service itself says so as every service does.
    await Console.Error.WriteLineAsync(newer.Message);
    return 1;
}
