namespace NeuroDb.Query;

/// <summary>What a change looks rows up for.</summary>
internal enum ChangeLookupPurpose
{
    /// <summary>Rows in the way of new ones, for ON CONFLICT and OR.</summary>
    Conflict,

    /// <summary>The rows that new rows refer to.</summary>
    Referenced,

    /// <summary>The rows that refer to what goes.</summary>
    Referencing,
}
