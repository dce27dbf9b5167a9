using System.CommandLine;
using MaeLab.Engine.Native;
using MaeLab.Runner.Verbs;

// Before anything loads libtorch, see there.
NativeThreads.Prepare();

var program = new RootCommand("MaeLab runner: trains what the scheduler sends it. Settings come from environment and --Section:Key=value.")
{
    new TrainVerb(),
    new BenchVerb(),
    new VerifyVerb(),
    new ProbeVerb(),
    new ExportVerb(),
    new ImportVerb(),
    new DownloadVerb(),
};
program.TreatUnmatchedTokensAsErrors = false;
program.SetAction(_ => ServiceVerb.RunAsync(args));

// The host ends runs with a checkpoint when told to stop; the command line must not cut that short.
return await program.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
