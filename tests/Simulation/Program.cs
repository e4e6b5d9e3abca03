namespace NeuroDb.Tests.Simulation;

/// <summary>
/// <c>dotnet run -c Release --project tests/Simulation -- --images N --seed S</c> opens what N
/// losses of power and kills leave of the databases of seeds S, S + 1, ... The last line is
/// <c>images=... failures=... seed=...</c>.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var options = new Arguments(arguments);
        ulong seed = (ulong)options.Number("--seed", 1);
        if (options.Has("--image"))
        {
            return ImageCommand.Replay(seed, (int)options.Number("--image", 0));
        }

        if (options.Has("--images"))
        {
            return ImageCommand.Run(
                options.Number("--images", 20_000),
                seed,
                (int)options.Number("--threads", Environment.ProcessorCount));
        }

        Console.Error.WriteLine("usage: --images N [--seed S] [--threads T]");
        return 2;
    }
}
