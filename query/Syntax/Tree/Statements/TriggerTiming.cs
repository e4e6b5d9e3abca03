namespace NeuroDb.Query;

/// <summary>When a trigger runs.</summary>
internal enum TriggerTiming
{
    /// <summary>Before the row changes.</summary>
    Before,

    /// <summary>After the row has changed.</summary>
    After,

    /// <summary>In the place of the change of a view's row.</summary>
    InsteadOf,
}
