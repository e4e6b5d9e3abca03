namespace NeuroDb.Query;

/// <summary>What a trigger runs for.</summary>
internal enum TriggerEvent
{
    /// <summary>A new row.</summary>
    Insert,

    /// <summary>A changed row.</summary>
    Update,

    /// <summary>A removed row.</summary>
    Delete,
}
