namespace NeuroDb.Tests.Simulation;

/// <summary>
/// One workload and the images of it: the program runs once; then, for every moment of the disk's
/// journal, the disks that a loss may leave there are opened, compared with the history, used
/// further, and now and then lost again, also while they recover.
/// </summary>
internal sealed class ImageRun
{
    private const int StepCount = 34;
    private const int NestedStepsMax = 3;
    private const int DepthMax = 3;
    private static readonly LossKind[] Kinds = Enum.GetValues<LossKind>();
    private readonly ulong _seed;
    private readonly MachineShape _shape;
    private readonly RunCounters _counters;
    private readonly ImageSubject _subject;
    private int _ordinal;
    private int _image;

    /// <summary>Makes the run of a seed.</summary>
    /// <param name="seed">Of everything in it.</param>
    /// <param name="root">The directory; runs at the same time need different ones.</param>
    /// <param name="counters">Counts the images.</param>
    /// <param name="subject">The program; by default one that uses all of a database.</param>
    public ImageRun(
        ulong seed, string root, RunCounters counters, ImageSubject? subject = null)
    {
        _seed = seed;
        _shape = MachineShape.Of(root, seed);
        _counters = counters;
        _subject = subject ?? ImageSubject.All;
    }

    /// <summary>The only image that is checked; -1 for all.</summary>
    public int Only { get; init; } = -1;

    /// <summary>One in so many images is checked, at other places for each seed.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>A kind of flush that the disk only pretends to do.</summary>
    public DiskOperationKind? Pretended { get; init; }

    /// <summary>Is told each statement, where somebody wants to read them.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Whether to go on; asked before each image.</summary>
    public Func<bool> GoesOn { get; init; } = static () => true;

    /// <summary>What was found wrong, one line of each with the place.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The changes of the workload's disk.</summary>
    public int OperationCount { get; private set; }

    /// <summary>Runs the workload and checks its images.</summary>
    public void Run()
    {
        var disk = new SimulatedDisk { Pretended = Pretended };
        IImageHistory history = _subject.Begin();
        disk.BeginJournal();
        Note("the workload itself", Attempt.Run(() => Work(disk, history)));
        OperationCount = disk.OperationCount;
        DiskState state = disk.Birth();
        for (int i = 0; i <= disk.OperationCount && GoesOn(); i++)
        {
            DiskOperation? running = i < disk.OperationCount ? disk.Journal[i] : null;
            foreach (LossKind kind in Kinds)
            {
                if (IsWorthIt(kind, state, running))
                {
                    Check(disk, state, running, kind, history, i, depth: 1);
                }
            }

            if (running is not null)
            {
                state.Apply(running);
            }
        }
    }

    /// <summary>Where nothing is pending all kinds are one.</summary>
    private static bool IsWorthIt(LossKind kind, DiskState state, DiskOperation? running)
    {
        bool isWrite = running?.Kind is DiskOperationKind.Write or DiskOperationKind.WriteThrough;
        return kind switch
        {
            LossKind.AllKept => true,
            LossKind.LastTorn => isWrite,
            LossKind.OnlyLastTorn => isWrite && state.HasPending,
            _ => state.HasPending,
        };
    }

    private void Check(
        SimulatedDisk parent,
        DiskState state,
        DiskOperation? running,
        LossKind kind,
        IImageHistory history,
        int operation,
        int depth)
    {
        int ordinal = _ordinal++;
        ulong seed = Hash64.Combine(_seed, (ulong)ordinal);
        bool isChosen = Only >= 0 ? ordinal == Only : seed % (ulong)Stride == 0;
        if (depth == 1 && !isChosen)
        {
            return;
        }

        Trace?.Invoke($"depth {depth}, {kind} at {operation}:{Journal(parent, operation)}");
        _image = depth == 1 ? ordinal : _image;
        _counters.NoteImage();
        DiskState left = state.Copy().Lose(kind, running, seed);
        SimulatedDisk disk = kind == LossKind.Killed
            ? Killed(left, state, running)
            : new SimulatedDisk(left);
        var random = new SeededRandomSource(seed);
        Note(
            $"{kind} at {operation} ({running}), depth {depth}",
            Attempt.Run(() => Use(disk, history.At(operation), random, depth)));
    }

    private void Note(string place, string? fault)
    {
        if (fault is not null)
        {
            Faults.Add($"{_subject.Words}--seed {_seed} --image {_image}: {place}: {fault}");
        }
    }

    private void Work(SimulatedDisk disk, IImageHistory history)
    {
        using IImageProgram workload = history.Start(
            disk, _shape, new SeededRandomSource(_seed), Trace);
        workload.Open();
        workload.Run(StepCount);
        workload.End(isKilled: _seed % 2 == 0);
        _counters.Note(workload);
    }

    private static SimulatedDisk Killed(DiskState left, DiskState state, DiskOperation? running)
    {
        DiskState durable = state.Copy();
        if (running is not null)
        {
            durable.Begin(running);
        }

        return new SimulatedDisk(left, durable);
    }

    private void Use(
        SimulatedDisk disk, IImageHistory history, SeededRandomSource random, int depth)
    {
        const int NestedPeriod = 6;
        bool isNested = depth < DepthMax && random.OneIn(NestedPeriod);
        if (isNested)
        {
            disk.BeginJournal();
        }

        int ordinal = _ordinal;
        using IImageProgram workload = history.Start(
            disk, _shape, random,
            Trace is null ? null : line => Trace($"depth {depth}, {line}"));
        workload.Open(isFull: random.OneIn(16));
        if (isNested || random.OneIn(4))
        {
            workload.Run(1 + random.Below(NestedStepsMax));
        }

        workload.End(isKilled: random.OneIn(3));
        _counters.Note(workload);
        if (isNested)
        {
            LoseAgain(disk, history, random, depth + 1);
        }

        // The numbers of images do not depend on how often one was lost again.
        _ordinal = ordinal;
    }

    private void LoseAgain(
        SimulatedDisk disk, IImageHistory history, SeededRandomSource random, int depth)
    {
        const int NestedCount = 3;
        int[] moments = [.. Enumerable.Range(0, NestedCount)
            .Select(_ => random.Below(disk.OperationCount + 1)).Order()];
        DiskState state = disk.Birth();
        int applied = 0;
        foreach (int moment in moments)
        {
            while (applied < moment)
            {
                state.Apply(disk.Journal[applied++]);
            }

            DiskOperation? running =
                moment < disk.OperationCount ? disk.Journal[moment] : null;
            Check(disk, state, running, random.Of(Kinds), history, moment, depth);
        }
    }

    private static string Journal(SimulatedDisk parent, int operation) =>
        "\n    " + string.Join("\n    ", parent.Journal.Take(operation + 1).TakeLast(20));
}
