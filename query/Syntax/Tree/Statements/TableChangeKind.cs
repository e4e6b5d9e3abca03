namespace NeuroDb.Query;

/// <summary>What one part of ALTER TABLE does.</summary>
internal enum TableChangeKind
{
    /// <summary>ADD COLUMN.</summary>
    AddColumn,

    /// <summary>ADD CONSTRAINT.</summary>
    AddConstraint,

    /// <summary>DROP COLUMN.</summary>
    DropColumn,

    /// <summary>DROP CONSTRAINT.</summary>
    DropConstraint,

    /// <summary>RENAME TO.</summary>
    RenameTable,

    /// <summary>RENAME COLUMN.</summary>
    RenameColumn,

    /// <summary>RENAME CONSTRAINT.</summary>
    RenameConstraint,

    /// <summary>ALTER COLUMN SET DEFAULT.</summary>
    SetDefault,

    /// <summary>ALTER COLUMN DROP DEFAULT.</summary>
    DropDefault,

    /// <summary>ALTER COLUMN SET NOT NULL.</summary>
    SetNotNull,

    /// <summary>ALTER COLUMN DROP NOT NULL.</summary>
    DropNotNull,

    /// <summary>ALTER COLUMN TYPE.</summary>
    SetType,

    /// <summary>ALTER COLUMN DROP EXPRESSION: a generated column becomes an ordinary one.</summary>
    DropExpression,

    /// <summary>ALTER COLUMN DROP IDENTITY.</summary>
    DropIdentity,

    /// <summary>ALTER COLUMN SET MODEL: a generated column asks another version.</summary>
    SetModel,
}
