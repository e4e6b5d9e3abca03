namespace NeuroDb.Neural;

/// <summary>The part of the learning rate that a step has.</summary>
internal static class LearningRate
{
    private const double WarmupPart = 0.1;

    /// <summary>The factor of a step, counted from 0, of so many.</summary>
    public static double Factor(ScheduleKind kind, long step, long steps)
    {
        double done = steps <= 1 ? 0 : Math.Min(1, step / (double)steps);
        return kind switch
        {
            ScheduleKind.Linear => 1 - done,
            ScheduleKind.Cosine => (1 + Math.Cos(Math.PI * done)) / 2,
            ScheduleKind.Step => done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01,
            ScheduleKind.Warmup => done < WarmupPart
                ? (step + 1) / Math.Max(1, WarmupPart * steps)
                : (1 - done) / (1 - WarmupPart),
            _ => 1,
        };
    }
}
