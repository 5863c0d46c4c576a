console.log('a script that does its work and is done')
