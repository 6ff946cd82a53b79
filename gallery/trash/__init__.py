"""What was deleted can be taken back for 30 days: `deleting` puts it into the trash, `contents` lists it,
`restoring` brings it back, `purging` deletes it for good."""
