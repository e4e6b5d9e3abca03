namespace NeuroDb.Tests.Simulation;

/// <summary>
/// <c>dotnet run -c Release --project tests/Simulation -- --images N --seed S</c> opens what N
/// losses of power and kills leave of the databases of seeds S, S + 1, ..., with <c>--keys</c> of
/// those whose keys are chosen to hurt indexes; <c>-- --faults</c>
/// lets every call of the file system fail once and for ever, <c>-- --space</c> ends the room at
/// every size, each for <c>--seeds N</c> seeds from <c>--seed S</c> on; <c>-- --histories N</c>
/// looks for anomalies in N histories of concurrent transactions. The last line counts the
/// failures.
/// </summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        var options = new Arguments(words);
        ulong seed = (ulong)options.Number("--seed", 1);
        if (options.Has("--images"))
        {
            return ImageCommand.Run(
                ImageSubject.Of(options),
                options.Number("--images", 20_000),
                seed,
                (int)options.Number("--stride", 1),
                (int)options.Number("--threads", Environment.ProcessorCount));
        }

        if (options.Has("--histories"))
        {
            return HistoryCommand.Run(options.Number("--histories", 1_000), seed);
        }

        if (options.Has("--image"))
        {
            return ImageCommand.Replay(
                ImageSubject.Of(options), seed, (int)options.Number("--image", 0));
        }

        if (options.Has("--faults"))
        {
            return options.Has("--at")
                ? FaultCommand.Replay(new FaultCase(
                    seed,
                    Enum.Parse<DiskCallKind>(options.Word("--call")),
                    options.Number("--at", 0),
                    options.Has("--sticky")))
                : FaultCommand.Run(options, isSpace: false);
        }

        if (options.Has("--space"))
        {
            long bytes = options.Number("--bytes", -1);
            return bytes >= 0
                ? FaultCommand.Replay(new FaultCase(seed, null, 0, IsSticky: false, bytes))
                : FaultCommand.Run(options, isSpace: true);
        }

        Console.Error.WriteLine(
            "usage: --images N, --histories N, --faults or --space, with [--seed S]");
        return 2;
    }
}
