using System.Formats.Tar;
using System.IO.Compression;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Runs sqllogictest scripts from the command line:
/// <c>dotnet run -c Release --project tests/Sql -- slt FILES...</c>. A file is a script or a
/// tar.gz of scripts. The last line is <c>N passed, N failed</c>. <c>-- differ --count N --seed
/// S [--only KIND]</c> compares that many random statements with SQLite and with other forms of
/// themselves.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["differ", ..])
        {
            int only = Array.IndexOf(arguments, "--only") + 1;
            return Differ(
                NumberAfter(arguments, "--count", 1000),
                NumberAfter(arguments, "--seed", 1),
                only > 0 && only < arguments.Length ? arguments[only] : null);
        }

        if (arguments is not ["slt", _, ..])
        {
            Console.Error.WriteLine("usage: slt FILES...   (scripts, or tar.gz files of scripts)\n"
                + "       differ [--count N] [--seed S] [--only KIND]");
            return 2;
        }

        int passed = 0;
        int failed = 0;
        foreach (string path in arguments[1..])
        {
            foreach ((string name, string script) in ReadScripts(path))
            {
                using var runner = new SltRunner(Console.WriteLine);
                using var reader = new StringReader(script);
                runner.Run(name, reader);
                Console.WriteLine($"{name}: {runner.Passed} passed, {runner.Failed} failed");
                passed += runner.Passed;
                failed += runner.Failed;
            }
        }

        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int NumberAfter(string[] arguments, string option, int fallback)
    {
        int at = Array.IndexOf(arguments, option);
        return at >= 0 && at + 1 < arguments.Length
            ? int.Parse(arguments[at + 1], System.Globalization.CultureInfo.InvariantCulture)
            : fallback;
    }

    private static int Differ(int count, int seed, string? only)
    {
        const int BlockSize = 500;
        int compared = 0;
        int faults = 0;
        List<(string Name, Action<DifferentialRun, int> Run)> kinds =
        [
            ("sqlite", (run, part) => run.AgainstSqlite(part)),
            ("transactions", (run, part) => run.Transactions(part)),
            ("partitions", (run, part) => run.Partitions(part)),
            ("unoptimized", (run, part) => run.Unoptimized(part)),
            ("indexes", (run, part) => run.Indexes(part)),
            ("rows", (run, part) => run.SingleRows(part / 4)),
            ("settings", (run, part) => run.Settings(part)),
            ("parameters", (run, part) => run.Parameters(part)),
            ("limits", (run, part) => run.Limits(part)),
            ("vectors", (run, part) => run.Vectors(part / 4)),
        ];
        kinds.RemoveAll(kind => (only is not null && kind.Name != only)
            || (!SqliteDatabase.IsPresent && (kind.Name is "sqlite" or "transactions")));
        for (int done = 0; done < count; done += BlockSize, seed++)
        {
            foreach ((string name, Action<DifferentialRun, int> act) in kinds)
            {
                using var run = new DifferentialRun(seed);
                act(run, Math.Min(BlockSize, count - done));
                compared += run.Compared;
                faults += run.Faults.Count;
                run.Faults.ForEach(fault => Console.WriteLine($"{name}, seed {seed}: {fault}"));
            }
        }

        Console.WriteLine($"{compared} compared, {faults} failed");
        return faults == 0 ? 0 : 1;
    }

    /// <summary>The scripts of a file, by name.</summary>
    internal static IEnumerable<(string Name, string Script)> ReadScripts(string path)
    {
        if (!path.EndsWith(".tar.gz", StringComparison.Ordinal))
        {
            yield return (path, File.ReadAllText(path));
            yield break;
        }

        using FileStream file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unpacked);
        while (archive.GetNextEntry() is TarEntry entry)
        {
            if (entry.DataStream is not null
                && entry.Name.EndsWith(".test", StringComparison.Ordinal))
            {
                using var reader = new StreamReader(entry.DataStream);
                yield return (entry.Name, reader.ReadToEnd());
            }
        }
    }
}
