using System.Globalization;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// <c>dotnet run -c Release --project tests/Crash -- --cycles N [--seed S]</c> kills writers N
/// times and checks after each what they had acknowledged; <c>-- rot --flips N [--seed S]</c> does
/// N damages of sectors and files to a database of more than 1 MiB, <c>-- rot [--step N]</c> flips
/// each bit of it, or every Nth; <c>--form N</c> takes one of the four forms of the database
/// alone. <c>-- fuzz --count N [--seed S]</c> reads N mutated files of each
/// format. The last line is <c>N passed, N failed</c>.
/// </summary>
internal static class Program
{
    private const int ProgressPeriod = 100;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [
                "child", string path, string seed, string durability, .. string[] bounds]:
                ulong number = ulong.Parse(seed, CultureInfo.InvariantCulture);
                return Writer.Run(
                    path,
                    number,
                    WriterOptions.Of(number, Enum.Parse<Durability>(durability), key: -1),
                    ReadBounds(bounds));
            case ["kill" or "--cycles" or "--seed", ..]:
                return Kill(Option(arguments, "--cycles", 100), Option(arguments, "--seed", 1));
            case ["rot", ..]:
                return Rot(arguments);
            case ["fuzz", ..]:
                return Fuzz(
                    Option(arguments, "--count", 1000),
                    Option(arguments, "--seed", 1),
                    Array.IndexOf(arguments, "--format") is >= 0 and int at
                        ? arguments[at + 1] : null);
            default:
                Console.Error.WriteLine(
                    "usage: --cycles N [--seed S], rot --flips N [--seed S], rot [--step N], or "
                    + "fuzz --count N [--seed S] [--format F]");
                return 2;
        }
    }

    private static LedgerCheck.Bounds[] ReadBounds(string[] numbers)
    {
        var bounds = new LedgerCheck.Bounds[numbers.Length / 2];
        for (int i = 0; i < bounds.Length; i++)
        {
            bounds[i] = new LedgerCheck.Bounds(
                long.Parse(numbers[2 * i], CultureInfo.InvariantCulture),
                long.Parse(numbers[(2 * i) + 1], CultureInfo.InvariantCulture));
        }

        return bounds;
    }

    private static int Kill(int cycles, int seed)
    {
        using var loop = new KillLoop((ulong)seed, isShort: false);
        int passed = 0;
        int failed = 0;
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            string? fault = loop.RunCycle();
            passed += fault is null ? 1 : 0;
            failed += fault is null ? 0 : 1;
            if (fault is not null)
            {
                Console.WriteLine($"FAILED cycle {cycle} of seed {seed}: {fault}");
            }

            if ((cycle + 1) % ProgressPeriod == 0)
            {
                Console.WriteLine($"{cycle + 1} cycles: {passed} passed, {failed} failed");
            }
        }

        Console.WriteLine(
            $"{loop.AcknowledgedCount} acknowledged transactions in {cycles} cycles; "
            + $"{loop.SilentCount} writers killed before their first, {loop.ChildCheckCount} "
            + $"times the next writer was the one to recover; {loop.BackupCount} backups compared");
        Console.WriteLine($"{passed} passed, {failed} failed, seed={seed}");
        return failed == 0 ? 0 : 1;
    }

    private static int Fuzz(int count, int seed, string? format)
    {
        long passed = 0;
        int failed = 0;
        using var targets = new FuzzTargets();
        foreach (FuzzTarget target in targets.All.Where(it => format is null || it.Name == format))
        {
            var run = new FuzzRun(target, (ulong)seed);
            run.Run(count);
            foreach (string fault in run.Faults.Take(5))
            {
                Console.WriteLine($"FAILED {fault}");
            }

            Console.WriteLine(
                $"{target.Name}: {run.ReadCount} read, {run.RefusedCount} refused, "
                + $"{run.Faults.Count} wrong; at most {run.AllocatedMax >> 10} KiB allocated");
            passed += run.ReadCount + run.RefusedCount;
            failed += run.Faults.Count;
        }

        Console.WriteLine($"{passed} passed, {failed} failed, seed={seed}");
        return failed == 0 ? 0 : 1;
    }

    private static int Rot(string[] arguments)
    {
        const int OpenStep = 1024;
        int flips = Option(arguments, "--flips", 0);
        int seed = Option(arguments, "--seed", 1);
        long passed = 0;
        int failed = 0;
        (SampleForm Form, bool IsEncrypted)[] forms =
        [
            (SampleForm.Closed, false), (SampleForm.Killed, false),
            (SampleForm.Closed, true), (SampleForm.Killed, true),
        ];
        int only = Option(arguments, "--form", -1);
        forms = only < 0 ? forms : [forms[only]];
        foreach ((SampleForm form, bool isEncrypted) in forms)
        {
            var run = new RotRun(form, isEncrypted, isLarge: true, hasMore: flips > 0);
            RotCheck check = run.Check;
            string name = isEncrypted ? $"{form}, encrypted" : $"{form}";
            if (flips > 0)
            {
                run.TryFaults((flips + forms.Length - 1) / forms.Length, (ulong)seed);
            }
            else
            {
                run.Bits.Run(
                    Option(arguments, "--step", 1),
                    Option(arguments, "--open-step", OpenStep),
                    file => Console.WriteLine(
                        $"{name}: {file}, {run.Bits.FoundCount} bits found, "
                        + $"{run.Bits.UnfoundCount} without effect, {check.Faults.Count} wrong"));
            }

            foreach (string fault in check.Faults)
            {
                Console.WriteLine($"FAILED {name}: {fault}");
            }

            Console.WriteLine(
                $"{name}, {run.SizeBytes} bytes in {run.Names.Count} files: flips found by "
                + $"verifying {run.Bits.FoundCount}, not found {run.Bits.UnfoundCount}; opened: "
                + $"{check.EqualCount} equal, {check.RefusedCount} refused; "
                + $"{check.Faults.Count} wrong");
            passed += flips > 0
                ? check.EqualCount + check.RefusedCount - check.Faults.Count
                : run.Bits.FoundCount + run.Bits.UnfoundCount - check.Faults.Count;
            failed += check.Faults.Count;
        }

        Console.WriteLine($"{passed} passed, {failed} failed, seed={seed}");
        return failed == 0 ? 0 : 1;
    }

    private static int Option(string[] arguments, string name, int otherwise)
    {
        int at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length
            ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture)
            : otherwise;
    }
}
