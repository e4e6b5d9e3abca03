namespace NeuroDb.Tests.Simulation;

/// <summary>Which keys a table of the model has.</summary>
internal enum KeyForm
{
    /// <summary>Only the number of the row is one.</summary>
    Plain,

    /// <summary>The first column is the primary key.</summary>
    Primary,

    /// <summary>The first column is UNIQUE and may be NULL.</summary>
    Unique,

    /// <summary>The first column would do for a unique index, which comes and goes.</summary>
    UniqueIndex,

    /// <summary>Both columns together are the primary key.</summary>
    Pair,
}
