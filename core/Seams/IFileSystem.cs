namespace NeuroDb;

/// <summary>
/// The files of a database. The engine reaches the disk only through this, so that tests can put a
/// simulated disk with power loss, torn writes and errors in its place.
/// </summary>
internal interface IFileSystem
{
    /// <summary>Whether a file of that path exists.</summary>
    bool FileExists(string path);

    /// <summary>Whether a directory of that path exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>Makes a directory, and its parents, durable on return.</summary>
    void CreateDirectory(string path);

    /// <summary>The full paths of the files and directories directly inside a directory.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>
    /// A full path with every symbolic link in it followed, also where its end does not exist.
    /// </summary>
    string FollowLinks(string path) => path;

    /// <summary>Opens or makes a file.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">What is expected to exist.</param>
    /// <param name="writeThrough">Whether each write is durable when it returns.</param>
    IFile Open(string path, FileOpenKind kind, bool writeThrough = false);

    /// <summary>Removes a file; one that does not exist is no error.</summary>
    void Delete(string path);

    /// <summary>Replaces one file by another in one step.</summary>
    void Move(string source, string target);

    /// <summary>Makes the names in a directory durable.</summary>
    void FlushDirectory(string path);

    /// <summary>
    /// Takes an exclusive lock on a file, held until the result is disposed, and writes a note of
    /// the holder into it.
    /// </summary>
    /// <returns>The lock, or null if somebody else holds it.</returns>
    IDisposable? TryLock(string path, string holder);
}
