namespace NeuroDb.Query;

/// <summary>What a WHEN of MERGE does with a row.</summary>
internal enum MergeAction
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Deletes the row of the table.</summary>
    Delete,

    /// <summary>Changes the row of the table.</summary>
    Update,

    /// <summary>Inserts a row.</summary>
    Insert,
}
