namespace NeuroDb.Neural;

/// <summary>How the learning rate goes on over the steps of a training.</summary>
internal enum ScheduleKind
{
    /// <summary>Always the same.</summary>
    Constant,

    /// <summary>From all to nothing in a straight line.</summary>
    Linear,

    /// <summary>Half a cosine from all to nothing (Loshchilov and Hutter, SGDR, 2017).</summary>
    Cosine,

    /// <summary>A tenth after half of the steps, a hundredth after three quarters.</summary>
    Step,

    /// <summary>Up in the first tenth of the steps, then down, both in straight lines.</summary>
    Warmup,

    /// <summary>To a hundredth by equal factors.</summary>
    Exponential,

    /// <summary>
    /// From a 25th to all in the first three tenths, then to nothing, by half cosines (Smith and
    /// Topin, 2018).
    /// </summary>
    OneCycle,
}
