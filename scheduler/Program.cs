using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Scheduler;
using MaeLab.Scheduler.Archives;
using MaeLab.Scheduler.Schema;

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

var builder = WebApplication.CreateBuilder(args).AddJsonLogging();
builder.Services.AddMaeLabScheduler(builder.Configuration);
builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute);
return await builder.Build().RunServiceAsync();
