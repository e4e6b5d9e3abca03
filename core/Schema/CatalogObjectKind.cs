namespace NeuroDb;

/// <summary>
/// What the catalog holds beside tables and indexes. The numbers are part of the file format.
/// </summary>
internal enum CatalogObjectKind : byte
{
    /// <summary>A query with a name.</summary>
    View = 1,

    /// <summary>Statements that run when rows of a table change.</summary>
    Trigger = 2,

    /// <summary>A source of numbers; the last one given is a row of a table of its own.</summary>
    Sequence = 3,

    /// <summary>
    /// A model: its definition and versions as JSON; what the versions are made of lies in tables
    /// of their own.
    /// </summary>
    Model = 4,

    /// <summary>A type of CREATE TYPE or a domain of CREATE DOMAIN.</summary>
    Type = 5,

    /// <summary>A value or rows of arguments, bound where it is called.</summary>
    Function = 6,

    /// <summary>A name that tables, views and other objects may have before their own.</summary>
    Schema = 7,

    /// <summary>A comment: named after what it is on, its text is what it says.</summary>
    Comment = 8,
}
