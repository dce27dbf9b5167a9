using System.CommandLine;
using MaeLab.Engine.Native;
using MaeLab.Local;

// Before anything loads libtorch, see there.
NativeThreads.Prepare();

var program = new LocalCommand();

// The host ends runs with a checkpoint when told to stop; the command line must not cut that short.
return await program.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
