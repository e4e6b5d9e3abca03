namespace NeuroDb.Neural;

/// <summary>The part of the learning rate that a step has.</summary>
internal static class LearningRate
{
    private const double WarmupPart = 0.1;
    private const double LastPart = 0.01;
    private const double RisePart = 0.3;
    private const double FirstPart = 0.04;

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
            ScheduleKind.Exponential => Math.Pow(LastPart, done),
            ScheduleKind.OneCycle => done < RisePart
                ? Between(FirstPart, 1, done / RisePart)
                : Between(1, 0, (done - RisePart) / (1 - RisePart)),
            _ => 1,
        };
    }

    private static double Between(double first, double last, double done) =>
        last + ((first - last) * (1 + Math.Cos(Math.PI * done)) / 2);
}
