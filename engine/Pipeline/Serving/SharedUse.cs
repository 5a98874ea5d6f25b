namespace ChurnEngine.Pipeline;

/// <summary>Something that many requests use at once and one owner replaces: it is closed when the owner has let go and the last request is done.</summary>
public abstract class SharedUse
{
    // The owner counts as one.
    private int _users = 1;

    /// <summary>Begins a use; false when it is closed already, and another one has taken its place.</summary>
    internal bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    /// <summary>Ends a use, or the owner's hold.</summary>
    internal void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Close();
    }

    private protected abstract void Close();
}
