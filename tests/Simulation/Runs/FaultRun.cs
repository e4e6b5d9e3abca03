namespace NeuroDb.Tests.Simulation;

/// <summary>
/// One workload on a disk that fails: every error must be typed and leave nothing open; on the
/// disk that is mended afterwards the database must open and hold all that was promised, whether
/// its process was killed, ended, or lost its power.
/// </summary>
internal sealed class FaultRun
{
    private const int StepCount = 14;
    private const int RestartMax = 3;
    private readonly FaultCase _case;
    private readonly MachineShape _shape;
    private readonly SimulatedDisk _disk = new();
    private readonly CommitHistory _history = new();

    /// <summary>Makes the run.</summary>
    /// <param name="faultCase">What is wrong with the disk.</param>
    /// <param name="root">The directory; runs at the same time need different ones.</param>
    public FaultRun(FaultCase faultCase, string root)
    {
        _case = faultCase;
        _shape = MachineShape.Of(root, faultCase.Seed);
    }

    /// <summary>What the disk counted.</summary>
    public DiskFaults Faults => _disk.Faults;

    /// <summary>Is told each statement, where somebody wants to read them.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>The cases of every call of a workload.</summary>
    public static List<FaultCase> CasesOfCalls(ulong seed, string root)
    {
        DiskFaults clean = CountClean(seed, root);
        var cases = new List<FaultCase>();
        foreach (DiskCallKind kind in Enum.GetValues<DiskCallKind>())
        {
            for (long at = 0; at < clean.CountOf(kind); at++)
            {
                cases.Add(new FaultCase(seed, kind, at, IsSticky: false));
                cases.Add(new FaultCase(seed, kind, at, IsSticky: true));
            }
        }

        return cases;
    }

    /// <summary>The cases of every room that is too small for a workload.</summary>
    public static List<FaultCase> CasesOfSpace(ulong seed, string root, int stepBytes)
    {
        DiskFaults clean = CountClean(seed, root);
        var cases = new List<FaultCase>();
        for (long bytes = 0; bytes < clean.PeakBytes; bytes += stepBytes)
        {
            cases.Add(new FaultCase(seed, null, 0, IsSticky: false, bytes));
        }

        return cases;
    }

    /// <summary>Runs it.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Run()
    {
        _disk.BeginJournal();
        Faults.Kind = _case.Kind;
        Faults.At = _case.At;
        Faults.IsSticky = _case.IsSticky;
        Faults.CapacityBytes = _case.CapacityBytes;
        string? fault = Attempt.Run(Work);
        Faults.Clear();
        if (fault is not null)
        {
            return $"under the fault: {fault}";
        }

        DiskState state = _disk.Birth();
        foreach (DiskOperation operation in _disk.Journal)
        {
            state.Apply(operation);
        }

        foreach (LossKind kind in (LossKind[])
            [LossKind.Killed, LossKind.AllLost, LossKind.AnySectors, LossKind.AnyChanges])
        {
            DiskState left = state.Copy().Lose(kind, null, _case.Seed);
            fault = Attempt.Run(() => UseMended(new SimulatedDisk(left)));
            if (fault is not null)
            {
                return $"mended after {kind}: {fault}";
            }
        }

        return null;
    }

    private static DiskFaults CountClean(ulong seed, string root)
    {
        var run = new FaultRun(new FaultCase(seed, null, 0, IsSticky: false), root);
        string? fault = run.Run();
        return fault is null
            ? run.Faults
            : throw new SimulationException($"--seed {seed}, without a fault: {fault}");
    }

    private void Work()
    {
        var random = new SeededRandomSource(_case.Seed);
        using var workload = new Workload(_disk, _shape, random, _history)
        {
            MayFail = true,
            MayLeaveFiles = _case.Kind is not null,
            Trace = Trace,
        };
        workload.Open();
        for (int restart = 0; restart < RestartMax; restart++)
        {
            workload.Run(StepCount / RestartMax);
            if (!workload.IsOpen)
            {
                workload.OpenAgain();
            }
        }

        bool isKilled = random.OneIn(2);
        if (workload.IsOpen)
        {
            workload.End(isKilled);
        }
    }

    private void UseMended(SimulatedDisk disk)
    {
        var random = new SeededRandomSource(_case.Seed);
        CommitHistory history = _history.At(_disk.OperationCount);
        using var workload = new Workload(disk, _shape, random, history) { Trace = Trace };
        workload.Open();
        workload.Run(2);
        workload.End(isKilled: false);
    }
}
